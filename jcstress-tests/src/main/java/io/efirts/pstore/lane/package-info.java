// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Races over the deferred lane: putting, taking, answering, putting back, seizing, sealing and
 * giving up, in pairs. In the package of what they race, whose parts are not public.
 */
package io.efirts.pstore.lane;
