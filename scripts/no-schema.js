// Stands in the bundle for what packages ask for and never call: ajv and semver, which conf uses for a schema and for
// migrations, of which we give it none (config/ checks by itself), and colours, of which cli-table3 is given none.
export const Ajv2020 = undefined
export default undefined
