// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Feeds a log ring from {@code java.util.logging}.
 *
 * <p>Place in the data path: before it. What is formatted here, and may allocate, is in the ring
 * long before a dump asks for it.
 */
package io.efirts.pstore.log.jul;
