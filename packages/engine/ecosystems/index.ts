import { apk } from './apk.ts'
import { dpkg } from './dpkg.ts'
import type { Ecosystem } from './ecosystem.ts'
import { rpm } from './rpm.ts'

/** Every ecosystem Plimsoll knows. Adding one is a file and a line here: docs/adding-an-ecosystem.md. */
export const ecosystems: readonly Ecosystem[] = [dpkg, apk, rpm]

/** The ecosystem of this id (`deb`, `apk`, `rpm`), or null. */
export const ecosystemById = (id: string): Ecosystem | null => ecosystems.find(one => one.id === id) ?? null
