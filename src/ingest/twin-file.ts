/** A twin says so in this file beside its data: it is never mistaken for the download. */
export const TWIN_FILE = 'posetta-twin.json'
