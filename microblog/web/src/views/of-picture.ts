// The picture, on the screen and on paper.

export { Conference } from "./conference.tsx";
export { PictureCard } from "./parts/picture/picture.tsx";
export { WhoSeesWhom } from "./parts/picture/who-sees-whom.tsx";
export { PrintPicture } from "./print-picture.tsx";
