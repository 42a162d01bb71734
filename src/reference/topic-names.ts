/** What `orafi help` explains besides the commands. */
export const topicNames = ['exit-codes', 'environment', 'formats', 'safety', 'sandbox'] as const
export type TopicName = (typeof topicNames)[number]
