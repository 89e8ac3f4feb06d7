// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Where firmware is called on arm64: an address space bound to a processor, with a stack for every
 * entry.
 *
 * <p>Place in the data path: entered and left by the dispatcher around every call, on the thread
 * that has the gate. Above it the call frame, below it the tables ({@link io.efirts.arm64.space})
 * and the registers ({@link io.efirts.arm64.vcpu}). Calls that run as code on the processor are put
 * into its registers by {@link io.efirts.arm64.abi}; {@link
 * io.efirts.arm64.context.ExceptionRecovery} ends those that fault.
 *
 * <pre>
 *  enter:  migration or preemption off --> host's state saved --> UEFI's environment --> TTBR0
 *  leave:  what firmware broke, as a mask --> host's state restored, TTBR0 included --> on again
 * </pre>
 *
 * <p>A worker that adopts the address space ({@link io.efirts.arm64.context.AdoptedAddressSpace})
 * keeps it between calls too, and stays preemptible inside: the host's scheduler brings the address
 * space back with the worker.
 */
package io.efirts.arm64.context;
