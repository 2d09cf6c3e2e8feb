import { ref } from 'vue'

/** The IANA zone of the shop; times name their zone when the reader's clock differs from it. */
export const shopZone = ref('')
