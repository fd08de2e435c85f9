import { useEffect } from 'react'
import { useLocation } from 'react-router-dom'
import { useMayChange, useSession } from '../../app/session.tsx'
import { Code } from '../../ui/code.tsx'
import { FactList } from '../../ui/facts.tsx'
import { Muted, PageHeader, Prose, Section } from '../../ui/page.tsx'
import { Advisories, Threats } from './advisories.tsx'
import { copy } from './copy.ts'
import { SettingsParts } from './parts.tsx'
import { Scanning } from './scanning.tsx'
import { Users } from './users.tsx'

export function SettingsPage() {
  const { hash } = useLocation()
  const mayChange = useMayChange()
  const { setupNeeded } = useSession()
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView()
  }, [hash])
  return (
    <>
      <PageHeader title={copy.title} />
      <SettingsParts />
      <Scanning />
      <Section id="users" title={copy.users}>
        {mayChange && !setupNeeded && <Users />}
        {!mayChange && <Muted>{copy.usersForAdmins}</Muted>}
        {mayChange && setupNeeded && <Muted>{copy.noUsers}</Muted>}
      </Section>
      <Advisories />
      <Threats />
      <About />
    </>
  )
}

function About() {
  const { version, demonstration } = useSession()
  return (
    <Section id="about" title={copy.about}>
      <FactList
        facts={[
          { label: 'Plimsoll', value: <Code>{version}</Code> },
          { label: 'Demonstration', value: demonstration ? 'Present' : 'Not present' },
        ]}
      />
      <Prose style={{ marginTop: 8 }}>
        <Muted>A Plimsoll line is the mark on a ship’s hull that shows whether it is safe to sail.</Muted>
      </Prose>
    </Section>
  )
}
