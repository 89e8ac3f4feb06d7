// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over the ring: publishing against parking, sweeping, panicking and publishing. In the
 * package of what they race, whose parts are not public.
 */
package io.efirts.dispatch.ring;
