// The last search text, so that "back" from a household returns to its results. It is personal:
// kept in this module only, gone with the page.
let text = '';

export const lastSearch = (): string => text;
export const rememberSearch = (value: string): void => {
  text = value;
};
