// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over a call, its pool and its delivery: the life of a call: one end, one hand-back, one
 * delivery, and what each party sees of the other. In the package of what they race, whose parts
 * are not public.
 */
package io.efirts.dispatch.call;
