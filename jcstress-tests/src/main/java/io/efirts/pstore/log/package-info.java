// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over the slots of a log ring: what a reader gets while writers overwrite it, and who may
 * write into a slot. In the package of what they race, whose parts are not public.
 */
package io.efirts.pstore.log;
