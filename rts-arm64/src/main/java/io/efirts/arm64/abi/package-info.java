// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * How a call looks in arm64 registers and on the stack.
 *
 * <p>Place in the data path: at its two ends. A firmware that is code on a processor is called by
 * putting the call frame into registers, inside the firmware context; a hypervisor that traps a
 * guest's own call reads its arguments out of the guest's registers and hands them to the
 * dispatcher's interface of words.
 */
package io.efirts.arm64.abi;
