/** SQL with every comment, text and quoted name blanked, of the same length, so that words which are left are SQL's own. */
export function maskSql(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$/g, (part) => part.replaceAll(/[^\n]/g, ' '))
}
