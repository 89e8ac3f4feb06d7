// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What embedders are told of records: counts, losses, announcements, and how a panic went.
 *
 * <p>Place in the data path: beside it.
 */
package io.efirts.pstore.report;
