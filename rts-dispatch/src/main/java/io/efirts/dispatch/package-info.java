// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The dispatcher: one safe way to call EFI runtime services.
 *
 * <pre>{@code
 * caller thread                                        worker thread
 * -------------                                        -------------
 * RuntimeServices.getVariable(..)      [service]
 *   |  lend a call, pack               [call]
 *   v
 * DispatchCall --> publish --> ring    [ring] -------> FirmwareWorker.onEvent   [worker]
 *   |                                                    v
 *   |  spin, then park                                 FirmwareGate             [gate]
 *   |                                                    |  claim QUEUED to RUNNING
 *   |                                                    v
 *   |                                                  FirmwareEntry            [entry]
 *   |                                                    |  context, firmware, context
 *   v                                                    v
 * copy out, give back  <------- DONE ----------------- release, complete
 *
 * any platform thread
 * -------------------
 * NonBlockingRuntimeServices.setVariable(..) --> FirmwareGate.tryAcquire --> FirmwareEntry
 * }</pre>
 *
 * <p>This package is the module's API: {@link io.efirts.dispatch.Dispatcher} and its builder. The
 * packages named in brackets are the path itself, in the order a call passes them; they are not
 * exported. {@code mode} says whether calls are made at all.
 */
package io.efirts.dispatch;
