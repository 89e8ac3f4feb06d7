// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What a dispatcher tells its embedder: events, counters, the fault report.
 *
 * <p>Place in the data path: beside it. Whoever makes a call only counts; events are composed and
 * told later, by the thread that watches.
 */
package io.efirts.dispatch.event;
