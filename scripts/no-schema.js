// Stands for ajv and semver in the bundle: conf calls them for a schema and for migrations, of which we give it none
// (config/ checks by itself).
export const Ajv2020 = undefined
export default undefined
