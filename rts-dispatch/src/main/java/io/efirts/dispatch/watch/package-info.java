// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The watch over everything that nobody waits for.
 *
 * <p>Place in the data path: beside it. {@link io.efirts.dispatch.rounds.RoundsThread} sleeps until
 * a call is started that nobody waits for, a caller leaves a call behind, or something is to be
 * told; then it makes rounds ({@link io.efirts.dispatch.watch.Watch}) until nothing is left to
 * watch. Where the embedder pumps, pumping makes the rounds.
 */
package io.efirts.dispatch.watch;
