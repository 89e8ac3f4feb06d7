// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What is done in process context: writing what was deferred, telling what was written and lost,
 * evicting old dumps.
 *
 * <p>Place in the data path: behind the deferred lane, before the dispatcher's queue.
 */
package io.efirts.pstore.work;
