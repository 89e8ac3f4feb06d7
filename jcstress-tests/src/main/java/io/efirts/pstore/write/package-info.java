// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/** Races over the right to compose a dump. */
package io.efirts.pstore.write;
