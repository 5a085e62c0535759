// The way to the page that says what this protects: beside whatever is being typed, which stays as it is.

export function ProtectsLink({ words = "How this protects a family, and what it cannot do" }: { words?: string }) {
  return (
    <a class="tall" href="/protects" target="_blank" rel="noopener noreferrer">
      {words} (opens in a new tab)
    </a>
  );
}

/** The way to the page that says what this computer can do. */
export function CheckLink() {
  return (
    <a class="tall" href="/check" target="_blank" rel="noopener noreferrer">
      Check this computer (opens in a new tab)
    </a>
  );
}

/** The foot of the screens outside. */
export function OutsideFoot({ check }: { check: boolean }) {
  return (
    <footer class="outside">
      <p class="small">
        <ProtectsLink />
      </p>
      {check && (
        <p class="small">
          <CheckLink />
        </p>
      )}
    </footer>
  );
}
