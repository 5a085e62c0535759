// Under Me: how the app gets on the home screen, and how well this browser keeps what it is given.

import { isApple, isApplePhone, isOnHomeScreen, putOnHomeScreen } from "../home-screen.ts";
import { megabytes, promised, room } from "../room.ts";
import { overview } from "../state.ts";
import { Button } from "./button.tsx";

export function KeptHere() {
  return (
    <>
      {!isOnHomeScreen() && <HomeScreen />}
      {overview.value?.stored && <Keeping />}
    </>
  );
}

function HomeScreen() {
  const put = putOnHomeScreen.value;
  return (
    <>
      <h2>On your home screen</h2>
      {isApplePhone() ? (
        <>
          <p>
            In Safari tap Share, then “Add to Home Screen”. The app there opens without the browser
            around it, and without a network.
          </p>
          <p>
            On an iPhone or iPad it does not share the keys that are kept here: once it is on the home
            screen, open it there and <strong>link it as another device</strong>, with “Link another
            device” on this page.
          </p>
        </>
      ) : (
        <p>
          The app opens without a network in any case. On the home screen it also opens without the
          browser around it, with the same keys.{" "}
          {!put && "Your browser’s menu has “Install” or “Add to home screen”, where it can do that."}
        </p>
      )}
      {put && (
        <Button look="second" onClick={put}>
          Put it on your home screen
        </Button>
      )}
    </>
  );
}

function Keeping() {
  return (
    <>
      <h2>What is kept on this device</h2>
      <p>
        {promised.value
          ? "The browser has promised to clear nothing of this app by itself."
          : "The browser has not promised to keep what this app stores: when the device is full it may clear it, keys too. A recovery sheet or another device brings you back."}{" "}
        {room.value && `In use: ${megabytes(room.value.used)}, of ${megabytes(room.value.most)} at most.`}
      </p>
      {isApple() && !isOnHomeScreen() && (
        <p>
          <strong>Safari clears what a website keeps when you have not opened it for seven days.</strong>{" "}
          What is not yet sent would be gone with it. On the home screen that does not happen.
        </p>
      )}
    </>
  );
}
