/** One finding of `doctor`; `fix` = the command that mends it, or what to do; null where nothing is to be done. */
export type Check = { readonly name: string; readonly state: 'ok' | 'warn' | 'fail'; readonly detail: string; readonly fix: string | null }
