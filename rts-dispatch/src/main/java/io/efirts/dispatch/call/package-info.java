// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The life of a call: lent to a caller, queued, run, ended exactly once, and given back.
 *
 * <p>Place in the data path: the {@link io.efirts.dispatch.call.DispatchCall} travels from caller
 * to worker and back; the ring carries only a reference to it and its generation.
 *
 * <pre>
 *  IDLE --publish--> QUEUED --claim--> RUNNING --complete--> DONE
 *                      |                  |
 *                      |                  `--abandon--> ABANDONED --caller left---> COLLECTED
 *                      `--cancel--> CANCELLED              `-----worker is back--> RETURNED
 * </pre>
 *
 * <p>Each arrow is one compare-and-set on the state word, so exactly one party ends a call. Before
 * it completes a call the worker has written the result, into a field that is its own as long as
 * the call is RUNNING; if somebody else ended the call first, nobody will read it.
 *
 * <p>DONE and CANCELLED calls are given back by the caller. An abandoned call and its buffers stay
 * with the worker until firmware has let go of them, and with the caller until it has seen the end;
 * whoever comes second gives it back. Giving back starts a new generation; a ring slot that still
 * names the old one is skipped.
 */
package io.efirts.dispatch.call;
