// Letters in fours, to be compared or copied by eye.

export function Groups({ letters }: { letters: string }) {
  const fours = letters.replace(/[\s-]/g, "").toUpperCase().match(/.{1,4}/g) ?? [];
  return (
    <span class="code fours">
      {fours.map((four, at) => (
        <span key={at}>{four} </span>
      ))}
    </span>
  );
}
