/**
 * Now, to the minute, ISO 8601: what is asked about rules that end soon is answered from memory for as long as nothing
 * changes. That a rule has ended is the keeper's to say, to the moment.
 */
export const thisMinute = (): string => new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString()
