/** Who the sandbox's keys belong to, as `GET /profile` answers it (docs/orafi-api.md#profile). */
export const profile = {
  id: 'cm5kp0w1s0000sbx0wner7h1d',
  firstname: 'Ngozi',
  lastname: 'Bassey',
  email: 'owner@example.com',
  businessProfile: {
    id: 'cm5kp0w1s0001sbxsh0pq2v8e',
    businessName: 'Sandbox Shop',
    businessSector: 'Retail',
    country: 'Nigeria',
    onboarded: true,
    isLive: true,
  },
} as const
