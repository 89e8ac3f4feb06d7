// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Where firmware is called on x86: an address space bound to a processor, with a stack for every
 * entry.
 *
 * <p>Place in the data path: entered and left by the dispatcher around every call, on the thread
 * that has the gate. Above it the call frame, below it the tables ({@link io.efirts.x86.space}) and
 * the registers ({@link io.efirts.x86.vcpu}). Calls that run as code on the processor are put into
 * its registers by {@link io.efirts.x86.abi}.
 *
 * <pre>
 *  enter:  shared entries up to date --> host's state saved --> UEFI's environment --> CR3
 *  leave:  what firmware broke, as a mask --> host's state restored, CR3 included
 * </pre>
 */
package io.efirts.x86.context;
