// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over the entry: what others see of a thread that is inside, and of a fault before the mode
 * changes. In the package of what they race, whose parts are not public.
 */
package io.efirts.dispatch.entry;
