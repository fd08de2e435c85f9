export const copy = {
  title: 'Recommendations',
  intro: 'What to do to raise the secure score, with the registries it concerns.',
  search: 'Search recommendations',
  noMatch: 'No recommendation matches this search.',
}
