/** Same keys as the Indonesian words, any text: makes a missing English key a compile error. */
export type SameKeys<T> = { [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> };
