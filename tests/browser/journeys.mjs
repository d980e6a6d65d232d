// The journeys of the design, in its order.
export const journeys = [];
