/** The version in package.json, which need not be read at start. A test checks that they are equal. */
export const version = '0.1.0'
