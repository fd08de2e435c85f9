import type { Credentials } from '@plimsoll/engine'

/** The only place that reads the environment. */
type Environment = Readonly<Record<string, string | undefined>>

/** A setting in the environment that makes no sense. The message is one line for people. */
export class InvalidSetting extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidSetting'
  }
}

/**
 * The name and password that registries are asked with; null when none are set. They are kept in memory only.
 * @throws InvalidSetting when one is set without the other
 */
export function registryCredentials(environment: Environment = process.env): Credentials | null {
  const username = environment['PLIMSOLL_REGISTRY_USERNAME'] ?? ''
  const password = environment['PLIMSOLL_REGISTRY_PASSWORD'] ?? ''
  if (username === '' && password === '') return null
  if (username === '' || password === '') {
    const [set, missing] = username === '' ? ['PASSWORD', 'USERNAME'] : ['USERNAME', 'PASSWORD']
    throw new InvalidSetting(
      `PLIMSOLL_REGISTRY_${set} is set and PLIMSOLL_REGISTRY_${missing} is not: set both or none.`,
    )
  }
  return { username, password }
}
