import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readScope, type Scope } from '@plimsoll/types'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { rightOf } from '../access/rights.ts'
import type { Viewer } from '../api/context.ts'
import type { Db } from '../db/open.ts'
import { invalidInput } from '../invalid-input.ts'
import { Refusal } from '../refusal.ts'
import { requireScope } from '../scopes/within.ts'

/** A file that is read and sent piece by piece, so that a long one takes no memory. */
export interface Exported {
  /** Without what its format adds. */
  readonly name: string
  readonly format: 'csv' | 'json'
  readonly pieces: AsyncIterable<string>
}

export interface ExportDeps {
  readonly db: Db
  readonly viewer: Viewer | null
}

/** What an export is narrowed to, as its address says it: `subscription:ID,ID`. */
export const scopeParameter = z
  .string()
  .max(20_000)
  .transform(readScope)
  .refine(scope => scope !== null, 'Name a scope as subscription:ID,ID, management-group:ID or registry:ID.')
  .transform(scope => scope ?? undefined)
  .optional()

/** Answers those who may read findings. @param open says what the file is; it throws a Refusal where there is none. */
export const exporting =
  <Input extends { readonly scope?: Scope | undefined }, Deps extends ExportDeps>(
    schema: z.ZodType<Input>,
    open: (input: Input, deps: Deps) => Exported | Promise<Exported>,
  ) =>
  async (request: Request, response: Response, deps: Deps): Promise<void> => {
    if (deps.viewer === null || rightOf(deps.viewer, 'findings/read') !== 'granted') {
      response.status(401).json({ error: 'Sign in first.' })
      return
    }
    const input = schema.safeParse(request.query)
    if (!input.success) {
      response.status(400).json({ error: invalidInput(input.error) })
      return
    }
    let exported: Exported
    try {
      requireScope(deps.db, input.data.scope)
      exported = await open(input.data, deps)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      response.status(404).json({ error: error.message })
      return
    }
    const { name, format, pieces } = exported
    response.attachment(`${name}.${format}`).type(format === 'csv' ? 'text/csv' : 'application/json')
    try {
      await pipeline(Readable.from(pieces), response)
    } catch (error) {
      // Whoever asked has gone.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    }
  }
