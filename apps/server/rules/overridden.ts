import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { noChange, placeParameters, rulesInPlace } from './in-place.ts'

export interface Overridden {
  /** The rules that take its place somewhere. */
  readonly wider: readonly { readonly id: string; readonly name: string }[]
  /** It holds nowhere else. */
  readonly everywhere: boolean
}

/** The rules that others take the place of, by their ids. */
export function overriddenRules(db: Db, now: Date): Map<number, Overridden> {
  const overridden = new Map<number, Overridden>()
  if (!hasOverriding(db)) return overridden
  const parameters = placeParameters(noChange, now.toISOString())
  for (const { alike, rules } of grains) {
    const asked = prepared(db, oneOfEach(alike, rules)).pluck().all(parameters) as number[]
    const rows = prepared(db, overriddenIn(rules)).all({
      ...parameters,
      asked: JSON.stringify(asked),
    }) as { id: number; wider: string; everywhere: number }[]
    for (const { id, wider, everywhere } of rows) {
      overridden.set(id, {
        wider: JSON.parse(wider) as Overridden['wider'],
        everywhere: everywhere === 1,
      })
    }
  }
  return overridden
}

const hasOverriding = (db: Db): boolean =>
  prepared(db, 'select 1 from disable_rule where ended_at is null and overrides limit 1').get() !== undefined

/**
 * What rules hold for is asked of one image for all that are alike to them: images with the same overriding rules, of a
 * registry, or of a repository where rules look at its name. Only where they look at tags or digests, each is asked.
 */
const grains = [
  {
    alike: 'rp.registry_id',
    rules: 'r.repository_pattern is null and r.tag_pattern is null and r.digest is null',
  },
  {
    alike: 'o.repository_id',
    rules: 'r.repository_pattern is not null and r.tag_pattern is null and r.digest is null',
  },
  { alike: 'o.id', rules: '(r.tag_pattern is not null or r.digest is not null)' },
] as const

/** Images that are there, of registries that are. */
const there = `select o.id from occurrence o join repository rp on rp.id = o.repository_id
  join registry rg on rg.id = rp.registry_id where o.deleted_at is null and rg.removed_at is null`

const oneOfEach = (alike: string, rules: string): string => `
  with overriding as materialized (
    select occurrence_id, group_concat(rule_id, ',' order by rule_id) rules
    from (${rulesInPlace(there, 'r.overrides')}) group by occurrence_id)
  select min(o.id) from occurrence o join repository rp on rp.id = o.repository_id
    left join overriding v on v.occurrence_id = o.id
  where o.id in (${there}) and exists (select 1 from disable_rule r where r.ended_at is null and ${rules})
  group by ${alike}, v.rules`

const overriddenIn = (rules: string): string => `
  with fit as materialized (${rulesInPlace('select value id from json_each(@asked)', `(r.overrides or ${rules})`)}),
  above as materialized (
    select f.occurrence_id, dr.number, dr.name from fit f join disable_rule dr on dr.id = f.rule_id
    where f.holds and dr.overrides),
  own as materialized (
    select r.id, f.occurrence_id, f.holds from fit f join disable_rule r on r.id = f.rule_id where ${rules})
  select h.id, json_group_array(distinct json_object('id', '' || a.number, 'name', a.name)) wider, not o.somewhere everywhere
  from own h join above a on a.occurrence_id = h.occurrence_id
    join (select id, max(holds) somewhere from own group by id) o on o.id = h.id
  where not h.holds group by h.id`
