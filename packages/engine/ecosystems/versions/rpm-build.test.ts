import { describe, expect, it } from 'vitest'
import { rpmBuildOf } from './rpm-build.ts'

describe('the build of an rpm', () => {
  it.each([
    ['2:8.0.1763-16.el8', '2:8.0.1763-16', null, false],
    ['2:8.0.1763-16.el8_5.13', '2:8.0.1763-16', 'el8_5', false],
    ['91.6.0-1.el8_5.alma.plus', '91.6.0-1', 'el8_5', false],
    ['2.32.1-27.el8.alma', '2.32.1-27', null, false],
    ['0:5.14.0-70.30.1.rt21.102.el9', '0:5.14.0-70.30.1.rt21.102', null, false],
    ['0:0.8.7-7.el10_0.1', '0:0.8.7-7', 'el10_0', false],
    ['1.5.2-1.module_el8.4.0+2229+b272fdef', '1.5.2-1', 'el8_4', true],
    ['1:0.1.15-2.git2d0b8a3.module_el8.5.0+119+9a9ec082', '1:0.1.15-2.git2d0b8a3', 'el8_5', true],
    ['1:18.14.2-3.module+el9.2.0+14843+acebbfea', '1:18.14.2-3', 'el9_2', true],
    ['2:4.9.4-1.module+el8.10.0+1825+623b0c20', '2:4.9.4-1', 'el8_10', true],
  ])('%s is of the source %s, of the line %s, of a module: %s', (version, source, line, modular) => {
    expect(rpmBuildOf(version)).toEqual({ source, line, modular })
  })

  it.each(['5.2.15-2+b7', '2.4.57-1.amzn2023.0.2', '1.1.1-150400.4.3', '1.2-3', 'gpg-pubkey-el8', ''])(
    'of %s is not told',
    version => expect(rpmBuildOf(version)).toBeNull(),
  )
})
