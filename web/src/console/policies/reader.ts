import { ref } from 'vue'
import { lang } from '@/i18n'

/** The language that words for customers are shown in while a policy is tried; one for all examples. */
export const reader = ref<string>(lang.value)
