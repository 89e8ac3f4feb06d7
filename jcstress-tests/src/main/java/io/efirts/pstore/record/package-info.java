// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/** Races over the log of losses: noting and draining, in pairs. */
package io.efirts.pstore.record;
