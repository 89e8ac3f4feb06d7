// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/** Races over announcements: leaving, telling and cancelling, in pairs. */
package io.efirts.pstore.announce;
