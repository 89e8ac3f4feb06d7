// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over the beginning of an emergency. In the package of what they race, whose parts are not
 * public.
 */
package io.efirts.dispatch;
