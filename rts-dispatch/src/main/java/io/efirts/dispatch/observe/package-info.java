// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What is seen on the way: counters, times, the flight recording.
 *
 * <p>Place in the data path: beside it. On the paths themselves there are only counters and, where
 * somebody asked for them, times; everything that allocates happens on the thread that watches.
 */
package io.efirts.dispatch.observe;
