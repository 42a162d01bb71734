/** The version in package.json; a test holds the two together, so that nothing has to read that file at start. */
export const version = '0.1.0'
