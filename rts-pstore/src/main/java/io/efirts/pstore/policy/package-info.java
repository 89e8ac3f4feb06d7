// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What embedders decide.
 *
 * <p>Place in the data path: beside it.
 */
package io.efirts.pstore.policy;
