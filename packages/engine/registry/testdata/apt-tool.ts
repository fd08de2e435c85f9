import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Fails with a sentence that says what to install; tests of real parts call it first and never skip. */
export function requireAptTool(command: string, aptPackage: string = command): void {
  const { error } = spawnSync(command, ['--version'], { stdio: 'ignore' })
  if (error === undefined) return
  throw new Error(
    `This test needs the program "${command}", which did not start. On Debian install it with: apt-get install ${aptPackage}`,
    { cause: error },
  )
}

/** Runs a tool to its end and gives its standard output; what it wrote to standard error is in the failure. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args, { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}
