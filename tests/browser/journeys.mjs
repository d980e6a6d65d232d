// The journeys of the design, in its order, and a look at every page that they do not pass.
import * as anyone from "./journeys/0-anyone.mjs";
import * as slip from "./journeys/1-phone-to-slip.mjs";
import * as second from "./journeys/2-second-dose.mjs";
import * as change from "./journeys/3-change-of-day.mjs";
import * as walkIn from "./journeys/4-no-phone.mjs";
import * as morning from "./journeys/5-morning.mjs";
import * as looked from "./journeys/7-who-looked.mjs";
import * as week from "./journeys/8-next-week.mjs";

export const journeys = [anyone, slip, second, change, walkIn, morning, looked, week];
