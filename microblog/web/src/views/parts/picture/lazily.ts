// The picture where it stands among other things: of what the first load leaves out, the most.

import { lazyPart } from "../lazy.tsx";

const picture = () => import("../../of-picture.ts");

export const PictureCard = lazyPart(async () => (await picture()).PictureCard);
export const WhoSeesWhom = lazyPart(async () => (await picture()).WhoSeesWhom);
