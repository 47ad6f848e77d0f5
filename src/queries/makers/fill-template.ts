/** The SQL of a template with every `$name` replaced by what `values` has for it, itself SQL: a literal or the name of a column. Comments have no parameters. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$(\w+)/g, (parameter, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`a template speaks of ${parameter}, which has no value`)
    return value
  })
}
