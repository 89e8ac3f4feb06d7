/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/* What x86_64.S and aarch64.S (and their .c) do, each for its architecture. */
#ifndef EFI_RTS_PROCESSOR_H
#define EFI_RTS_PROCESSOR_H

#include "efi.h"

/* Takes the processor over after ExitBootServices: exceptions come here, interrupts do not. */
void processor_own(void);

/* Goes on in agent_serve, on a stack that lies in the image. */
void processor_serve(void);

/* Loads a register file, runs from its program counter, stores it again; an ENDING. */
u64 processor_call(u8 *registers, u64 flags);

/* Where calls return to, and where a debugger sends a call that does not return. */
void processor_return(void);
void processor_unwind(void);

/*
 * Stores and loads the registers that no call changes by itself: those of the system and FP. Does not
 * load what the agent itself is translated by: the root of the page tables, and TCR_EL1.
 */
void processor_read(u8 *registers);
void processor_write(const u8 *registers);

/* Copies, so that the processor notices if what is written is code. */
void processor_copy(u8 *target, const u8 *source, u64 length);

/* A store that no earlier one may follow, a load that no later one may precede. */
void processor_store_last(volatile u64 *target, u64 value);
u64 processor_load_first(volatile u64 *source);

#endif
