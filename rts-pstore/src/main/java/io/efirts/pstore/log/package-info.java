// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Where the log of a dump comes from.
 *
 * <p>Place in the data path: first; a dump takes the newest part of a log from here, then what was
 * before it, and so on. {@link io.efirts.pstore.log.LogRing} is such a log, for embedders that have
 * none which can be read after all writers were stopped.
 */
package io.efirts.pstore.log;
